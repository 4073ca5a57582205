"use client";

export function Sorry() {
  return <button onClick={() => location.assign("/")}>There is no such page</button>;
}
