"use client";

import { useState } from "react";

export function Badge() {
  const [shown, show] = useState(true);
  return <button onClick={() => show(!shown)}>{shown ? "New" : "Old"}</button>;
}
