"use client";

export default function ShopFailure({ error }) {
  return <p role="alert">The shop is closed: {String(error && error.message)}</p>;
}
