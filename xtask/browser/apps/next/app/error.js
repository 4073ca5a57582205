"use client";

export default function Failure({ reset }) {
  return <button onClick={() => reset()}>Something in the root broke: try again</button>;
}
