/** "$49" or "$49.50". */
export const money = (cents: number, currency: string): string =>
  new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  }).format(cents / 100);

/** "$19 a month". */
export const priceLabel = ({
  price_cents,
  currency,
  interval,
}: {
  price_cents: number;
  currency: string;
  interval: 'month' | 'year';
}): string => `${money(price_cents, currency)} a ${interval}`;

/** "$19 a month or $190 a year"; null where nothing is to be had. */
export const pricesLabel = (plans: readonly Parameters<typeof priceLabel>[0][]): string | null =>
  plans.length === 0
    ? null
    : new Intl.ListFormat('en-US', { type: 'disjunction' }).format(plans.map(priceLabel));
