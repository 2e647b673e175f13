// Named, so that they are prepared once per connection.

export const countries = { name: "countries", text: "select code, name from country order by code limit $1" };

/** The largest cities of each country, by the index on country, population and id. */
export const largestCities = {
  name: "largest-cities",
  text: `select city.id, city.country_code, city.name, city.population
    from unnest($1::text[]) as wanted(code)
    cross join lateral (
      select * from city where country_code = wanted.code order by population desc, id limit $2
    ) as city
    order by city.country_code, city.population desc, city.id`,
};

export const countriesByCode = {
  name: "countries-by-code",
  text: "select code, name from country where code = any($1)",
};
