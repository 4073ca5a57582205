import style from "./shop.module.css";
import { Basket } from "../../parts/basket";

export default function Shop({ children }) {
  return (
    <section className={style.shop}>
      <Basket />
      {children}
    </section>
  );
}
