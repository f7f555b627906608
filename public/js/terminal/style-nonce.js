// The page's policy takes no inline styles. xterm.js 6 makes style elements of its own, which a nonce lets in, and writes the
// colours of single letters into style attributes: as properties the policy takes the same. Import it before xterm.js opens.
const { nonce } = document.querySelector('script[nonce]');
const createElement = document.createElement.bind(document);
document.createElement = (name, options) => {
  const element = createElement(name, options);
  if (name === 'style') element.nonce = nonce;
  if (name === 'span') element.setAttribute = setStyled;
  return element;
};
function setStyled(name, value) {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
