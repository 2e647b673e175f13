/** What an answer of `/graphql` depends on, a refusal too: by another Accept the same address gives another. */
export const variesBy = "Accept, Accept-Encoding, Origin";
