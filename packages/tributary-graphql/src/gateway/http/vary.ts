/** The request headers that an answer of `/graphql` depends on, a refusal too. */
export const variesBy = "Accept, Accept-Encoding, Origin";
