"use client";

import { useEffect, useState } from "react";

export default function Template({ children }) {
  const [entered, enter] = useState(false);
  useEffect(() => enter(true), []);
  return <div data-entered={String(entered)}>{children}</div>;
}
