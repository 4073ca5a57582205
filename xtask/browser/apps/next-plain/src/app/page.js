import { Counter } from "../parts/counter";

export default function Home() {
  return <Counter />;
}
