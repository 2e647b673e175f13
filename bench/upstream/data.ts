/** A post of the service. */
export interface PostRow {
  readonly userId: number;
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

/** A user of the service, with properties that no query selects, as in a typical REST service. */
export interface UserRow {
  readonly id: number;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly address: { readonly street: string; readonly city: string; readonly zipcode: string };
  readonly phone: string;
  readonly website: string;
  readonly company: { readonly name: string; readonly motto: string };
}

/** Posts of ten users, with sizes as in a typical API of a blog. */
export const makePosts = (count = 100): PostRow[] =>
  Array.from({ length: count }, (_, index) => ({
    userId: 1 + Math.floor((index * 10) / count),
    id: index + 1,
    title: sentence(index, 7),
    body: [1, 2, 3, 4].map((line) => sentence(index * 5 + line, 6)).join("\n"),
  }));

export const makeUsers = (count = 10): UserRow[] =>
  Array.from({ length: count }, (_, index) => {
    const [first, last] = [pick(givenNames, index), pick(familyNames, index * 3)];
    const handle = `${first}.${last}`.toLowerCase();
    return {
      id: index + 1,
      name: `${first} ${last}`,
      username: `${handle}${index + 1}`,
      email: `${handle}@mail.example`,
      address: { street: `${index + 3} ${last} Road`, city: "Fjordby", zipcode: String(10_000 + index * 117) },
      phone: `+1-555-01${String(index).padStart(2, "0")}`,
      website: `https://${handle}.example`,
      company: { name: `${last} and Sons`, motto: sentence(index * 11, 5) },
    };
  });

const sentence = (seed: number, length: number): string =>
  Array.from({ length }, (_, index) => pick(words, seed * 7 + index * index * 3 + index)).join(" ");

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? "";

const words =
  "river harbour lantern maple engine window garden winter signal copper bridge letter morning valley paper silver orchard compass thunder marble meadow anchor".split(
    " ",
  );
const givenNames = ["Ada", "Bruno", "Clara", "Dario", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas"];
const familyNames = ["Aker", "Bloom", "Castle", "Dahl", "Ebers", "Falk", "Grant", "Holt", "Iverson", "Jansen"];
