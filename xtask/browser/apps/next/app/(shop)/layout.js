import style from "./shop.module.css";
import { Badge } from "../../parts/badge";
import { Basket } from "../../parts/basket";

export default function Shop({ children }) {
  return (
    <section className={style.shop}>
      <Badge />
      <Basket />
      {children}
    </section>
  );
}
