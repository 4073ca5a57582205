import { Spinner } from "../../parts/spinner";

export default function Loading() {
  return <Spinner />;
}
