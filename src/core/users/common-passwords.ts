/** Of the passwords found most often in leaks, and those that panels are shipped with: the ones long enough to be tried here. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  password10 password11 password12 password123 password1234 password12345 password123456 password2020 password2021
  password2022 password2023 password2024 password2025 password2026 passwordpassword password01! password1!
  password123! passw0rd123 passw0rd1234 passw0rd123! p@ssw0rd123 p@ssw0rd1234 p@ssw0rd123! p@ssword123 p@55w0rd123
  pa55word123 mypassword mypassword1 mypassword123 newpassword newpassword1 thisispassword yourpassword
  defaultpassword qwertyuiop qwertyuiop1 qwertyuiop123 qwertyuiop[] qwerty1234 qwerty12345 qwerty123456 qwerty123!
  qwertyqwerty qwertyasdf qwertyuiopasdf qwertyuiopasdfghjkl asdfghjkl1 asdfghjkl; asdfghjkl123 asdfasdfasdf
  asdfqwer1234 zxcvbnm123 zxcvbnm1234 zxcvbnm,./ zxcvbnmasdf 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i
  1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 1qaz@wsx3edc q1w2e3r4t5 q1w2e3r4t5y6 q1w2e3r4t5y6u7 qazwsxedc1
  qazwsxedcrfv qazwsx1234 qazwsx123456 !qaz2wsx3edc zaq12wsxcde3 zaq1zaq1zaq1 1234qwerasdf 1234qwerasdfzxcv
  qwer1234asdf 12345qwert 123456qwerty 123456789q 123456789a 123456789qwe 123456789abc 1234567890q 1234567890a
  1234567890-= 12345678910 123456789101 1234567891 12345678900 0123456789 01234567890 0987654321 09876543210
  9876543210 1234512345 123456123456 123123123123 1231231234 1122334455 112233445566 11223344556677 1020304050
  102030405060 1029384756 1357924680 2468013579 1111122222 1212121212 1313131313 147258369a 147258369147 741852963a
  159357456852 3141592653 31415926535 5201314520 5201314123 woaini1314 woaini1314520 woaini123456 a123456789
  a1234567890 aa123456789 abc123456789 abc1234567 abcd123456 abcd1234567 abcd12345678 abcdef1234 abcdef123456
  abcdefg123 abcdefghij abcdefghijk abc123abc123 abcd1234abcd admin12345 admin123456 admin1234567 admin12345678
  admin123456789 administrator administrator1 administrator123 adminadmin adminadmin1 adminadmin123 admin@12345
  admin@123456 admin@123! admin123!@# adminpassword administrator! root123456 root1234567 root12345678 rootpassword
  rootroot123 rootrootroot toor123456 superuser1 superuser123 superadmin superadmin1 superadmin123 sysadmin123
  systemadmin changeme12 changeme123 changeme1234 changemenow changeit123 changethis letmein123 letmein1234
  letmein12345 letmeinnow letmeinplease welcome123 welcome1234 welcome12345 welcome123! welcome2024 welcome2025
  welcome2026 iloveyou12 iloveyou123 iloveyou1234 iloveyou12345 iloveyou1! iloveyouso iloveyousomuch iloveyou2024
  ilovemyself ilovejesus lovelove123 lovelovelove loveyou123 myfamily123 princess12 princess123 princess1234
  sunshine12 sunshine123 sunshine1234 football12 football123 football1234 baseball12 baseball123 basketball
  basketball1 basketball23 superman12 superman123 superman1234 batman12345 spiderman1 spiderman123 pokemon123
  pokemon1234 dragon12345 dragon123456 monkey12345 monkey123456 master12345 master123456 shadow12345 michael123
  michael1234 jordan12345 charlie123 charlie1234 jennifer12 jennifer123 jessica123 ashley1234 daniel1234 matthew123
  alexander1 alexander123 christopher christopher1 elizabeth1 elizabeth123 victoria123 liverpool1 liverpool12
  liverpool123 manchester manchester1 manchesterunited chelsea123 arsenal123 barcelona1 barcelona123 realmadrid
  realmadrid1 juventus123 starwars12 starwars123 starwars1234 trustno1trustno1 whatever12 whatever123 computer12
  computer123 computer1234 internet12 internet123 samsung123 samsung1234 microsoft1 microsoft123 windows123
  windows1234 google12345 facebook12 facebook123 linkedin123 minecraft1 minecraft123 fortnite123 playstation
  playstation1 playstation2 playstation3 playstation4 nintendo64 chocolate1 chocolate12 chocolate123 strawberry
  strawberry1 butterfly1 butterfly12 butterfly123 blink182blink182 metallica1 metallica123 slipknot666 nirvana1234
  cocacola123 mercedes123 mustang123 ferrari123 hello12345 hello123456 helloworld helloworld1 helloworld123 hellohello
  goodmorning whatthehell fuckyou123 fuckyou1234 fuckyoufuckyou fuckyou12345 asshole123 biteme1234 test123456
  test1234567 test12345678 testtest12 testtest123 testtesttest testing123 testing1234 testpassword tester1234
  demo123456 demodemo12 demopassword guest12345 guest123456 user123456 user1234567 useruser12 userpassword username12
  username123 default123 default1234 secret1234 secret12345 secret123456 topsecret1 topsecret123 supersecret
  supersecret1 mysecretpassword opensesame opensesame1 temp123456 temppassword temporary1 temporary123 server1234
  server12345 serveradmin database12 database123 mysql123456 mysqlroot123 postgres12 postgres123 postgres1234
  oracle12345 oracle123456 ubuntu1234 ubuntu12345 debian1234 centos12345 docker1234 docker12345 raspberry1
  raspberry123 raspberrypi vagrant123 vagrantvagrant jenkins123 tomcat1234 tomcattomcat nginx123456 cpanel1234
  cpanel12345 webmaster1 webmaster123 mantou1234 mantou12345 mantou123456 mantoumantou mantoupanel mantouadmin
  panel123456 paneladmin huawei@123 huawei12345 huawei@1234 huawei12#$ h3capadmin cisco12345 cisco123456 ciscocisco1
  netgear123 correcthorsebatterystaple correcthorse summer2023! summer2024! summer2025! winter2024! winter2025!
  spring2025! autumn2025! january2025 december2025 monday12345 friday12345 qwaszxqwaszx asdasdasd123 asdasdasdasd
  qweqweqwe123 qweqweqweqwe zxczxczxc123 qweasdzxc1 qweasdzxc12 qweasdzxc123 qwe123456789 asd123456789 zxc123456789
  aaaaaaaaaa1 abababab12 aabbccddee aabbccdd12 a1b2c3d4e5 a1b2c3d4e5f6 a1s2d3f4g5 a1s2d3f4g5h6 z1x2c3v4b5 1a2b3c4d5e
  1a2b3c4d5e6f !@#$%^&*() !@#$%^&*()_+ 1q2w3e4r!@#$ 1q2w3e4r5t! 123qweasdzxc 123qwe!@#qwe 123qweasd123 123456abcd
  123456abcdef 123456asdf 123654789a 123abc456def 12qwaszx12 12qwaszxerdf 147896325a 9638527410 7894561230 789456123a
  8675309867 woshishui123 nihao123456 zhang123456 wang123456 chen123456 liu1234567 xiaoming123 caonima123 wodemima123
  mima123456 zhongguo123 beijing2008 shanghai123 dearbook123 taobao1234 1314520520 5211314521
  `
    .trim()
    .split(/\s+/),
);
