import DataLoader from "dataloader";
import { usersPath } from "./service.js";

export const typeDefs = /* GraphQL */ `
  type Query {
    greet: String!
    posts: [Post]
  }
  type Post {
    id: Int!
    userId: Int!
    title: String!
    body: String!
    user: User
  }
  type User {
    id: Int!
    name: String!
    username: String!
    email: String!
    phone: String
    website: String
  }
`;

/** Users by id, in the order of the ids. */
export async function findUsers(get, ids) {
  const rows = await get(usersPath(ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Created per request. */
export const createContext = (get) => ({
  get,
  userById: new DataLoader((ids) => findUsers(get, ids)),
});

export const resolvers = {
  Query: {
    greet: () => "Hello World!",
    posts: (_root, _args, { get }) => get("/posts"),
  },
  Post: {
    user: ({ userId }, _args, { userById }) => userById.load(userId),
  },
};
