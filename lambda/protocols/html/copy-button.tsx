import { words } from './words.ts';

interface CopyButtonProps {
  /** Id of the element whose text is copied. */
  readonly of: string;
  /** Name of the text, for people who do not see the position of the button. */
  readonly title: string;
}

/** Copies a text to the clipboard; shown only if scripts run (`client/copy.ts`). */
export function CopyButton({ of, title }: CopyButtonProps) {
  const text = words.request;
  return (
    <button type="button" class="second copy" data-copy={of} data-copied={text.copied} hidden>
      {text.copy}
      <span class="unseen">: {title}</span>
    </button>
  );
}
