import { words } from './words.ts';

/** The part of an output that the job's page shows. It is shown as text or as a picture, and never run. */
export type OutputPreview =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly isCut: boolean;
    }
  | { readonly kind: 'picture'; readonly url: string; readonly alt: string };

export function Preview({ preview, title }: { preview: OutputPreview; title: string }) {
  const text = words.job;
  const cut =
    preview.kind !== 'picture' && preview.isCut ? <p class="hint">{text.previewCut}</p> : undefined;
  switch (preview.kind) {
    case 'picture':
      return <img class="preview" src={preview.url} alt={preview.alt} />;
    case 'text':
      return (
        <>
          <section class="preview scroll" tabindex={0} aria-label={`${text.preview}: ${title}`}>
            <pre>{preview.text}</pre>
          </section>
          {cut}
        </>
      );
    case 'table':
      return (
        <>
          <section class="preview scroll" tabindex={0} aria-label={`${text.preview}: ${title}`}>
            <table>
              <thead>
                <tr>
                  {preview.header.map((name) => (
                    <th scope="col">{name}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {preview.rows.map((row) => (
                  <tr>
                    {row.map((value) => (
                      <td>{value}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {cut}
        </>
      );
  }
}
