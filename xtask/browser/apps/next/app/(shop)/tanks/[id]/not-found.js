"use client";

export default function NoTank() {
  return <p onClick={() => history.back()}>No such tank</p>;
}
