/** The drawing on pages before the shell: one bun on its basket. */
export function Steamer() {
  return (
    <svg class="steamer" viewBox="0 0 120 92" aria-hidden="true">
      <path class="steam" d="M46 26c-4-5 4-8 0-14M60 22c-4-5 4-8 0-14M74 26c-4-5 4-8 0-14" />
      <path
        class="bun"
        d="M41 60c-4.5 0-7.5-2.8-7.5-7.5C33.5 41.5 45 33 60 33s26.5 8.5 26.5 19.5c0 4.7-3 7.5-7.5 7.5z"
      />
      <circle class="stamp" cx="60" cy="44" r="3.25" />
      <path
        class="basket"
        d="M20 60h80a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H20a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2zM22 72v11a2 2 0 0 0 2 2h72a2 2 0 0 0 2-2V72M22 78.5h76M38 60v12M42 60v12M78 60v12M82 60v12"
      />
    </svg>
  );
}
