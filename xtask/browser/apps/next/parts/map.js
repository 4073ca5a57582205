"use client";

export default function Map() {
  return <canvas width="300" height="200" aria-label="Where the tanks stand" />;
}
