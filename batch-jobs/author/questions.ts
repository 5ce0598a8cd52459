import { createInterface } from 'node:readline';
import { type LanguageName, languageNames } from './languages.ts';

/** What is known about a new process. */
export interface Answers {
  /** Name of its folder, and its identifier. */
  readonly name: string;
  readonly language: LanguageName;
  readonly title: string;
  readonly abstract: string;
}

export const nameRule =
  'Use lower-case letters and digits with single hyphens between them, such as sea-level.';

export const isName = (text: string) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);

/** The answers of a person who only presses Enter. */
export function standardAnswers(name: string): Omit<Answers, 'name'> {
  const words = name.replaceAll('-', ' ');
  const title = `${words[0]?.toUpperCase()}${words.slice(1)}`;
  return { language: 'python', title, abstract: `${title}.` };
}

/**
 * Asks for everything that was not given, one line each. Repeats a question if the answer is not allowed.
 *
 * @throws if the input ends before all questions are answered (Ctrl-D, Ctrl-C)
 */
export async function ask(
  given: Partial<Answers>,
  { input, output }: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
): Promise<Answers> {
  const terminal = createInterface({ input, output });
  // Holds lines that are pasted together until their questions come.
  const lines = terminal[Symbol.asyncIterator]();
  const answer = async (
    question: string,
    standard: string | undefined,
    fault: (text: string) => string | undefined = () => undefined,
  ): Promise<string> => {
    for (;;) {
      terminal.setPrompt(`${question}${standard === undefined ? '' : ` (${standard})`}: `);
      terminal.prompt();
      const { value, done } = await lines.next();
      if (done)
        throw new Error(`the input ended before "${question}" was answered; nothing was written`);
      const text = value.trim() || (standard ?? '');
      const words = fault(text);
      if (words === undefined) return text;
      output.write(`${words}\n`);
    }
  };
  const isLanguage = (text: string): text is LanguageName =>
    languageNames.some((each) => each === text);
  try {
    const name =
      given.name ??
      (await answer('Name', undefined, (text) => (isName(text) ? undefined : nameRule)));
    const standard = standardAnswers(name);
    const question = `Language: ${languageNames.join(', ')}`;
    const found =
      given.language ??
      (await answer(question, standard.language, (text) =>
        isLanguage(text)
          ? undefined
          : `Language is "${text}"; allowed: ${languageNames.join(', ')}.`,
      ));
    const title = given.title || (await answer('Title', standard.title));
    const abstract = given.abstract || (await answer('What it does', `${title}.`));
    return { name, language: isLanguage(found) ? found : standard.language, title, abstract };
  } finally {
    terminal.close();
  }
}
