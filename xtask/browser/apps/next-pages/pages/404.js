import style from "../parts/lost.module.css";

export default function Lost() {
  return <h1 className={style.lost}>There is no such page</h1>;
}
