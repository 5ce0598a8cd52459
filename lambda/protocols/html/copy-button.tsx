import { words } from './words.ts';

interface CopyButtonProps {
  /** Id of the element whose text is copied. */
  readonly of: string;
  /** What it is, for those who do not see where the button stands. */
  readonly title: string;
}

/** Copies a text to the clipboard; shown where scripts run (`client/copy.ts`). */
export function CopyButton({ of, title }: CopyButtonProps) {
  const text = words.request;
  return (
    <button type="button" class="second copy" data-copy={of} data-copied={text.copied} hidden>
      {text.copy}
      <span class="unseen">: {title}</span>
    </button>
  );
}
