/** A country with its neighbors and the rates of their currencies, from the responses of the services. */
const rate = ({ base, rates }, from, to) => {
  const table = { ...rates, [base]: 1 };
  const [fromRate, toRate] = [table[from], table[to]];
  return fromRate === undefined || toRate === undefined ? null : Number((toRate / fromRate).toPrecision(10));
};

const currencies = (row, latest) =>
  Object.keys(row.currencies).map((code) => ({ code, rate: rate(latest, code, "EUR") }));

const page = (row, latest) => ({ name: row.name.common, flag: row.flag, currencies: currencies(row, latest) });

export const countryPage = (country, neighbors, latest) => ({
  country: { ...page(country, latest), borders: neighbors.map((row) => page(row, latest)) },
});
