const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const MONEY = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' });

export function litres(amount: number): string {
  return `${NUMBER.format(amount)} l`;
}

export function money(cents: number): string {
  return MONEY.format(cents / 100);
}

/** Whole per cent, rounded down: a tank that is nearly full is not full. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

export function days(count: number): string {
  const whole = Math.floor(count);
  if (whole < 1) {
    return 'less than a day';
  }
  return whole === 1 ? '1 day' : `${NUMBER.format(whole)} days`;
}
