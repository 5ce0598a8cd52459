/** What a file has that is not read here, in words that go on from its name: `has a group "a"`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
