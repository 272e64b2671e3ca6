// fdlibm's e_log.c: log(1 + f) = 2s + s·R(s²) with s = f / (2 + f), error below 2^-58 for 1 + f in
// [√½, √2].
export const ln2High = 6.9314718036912381649e-1; // 33 bits, so that k · ln2High is exact
export const ln2Low = 1.90821492927058770002e-10;

/** R(z) for z = s². */
export function logSeries(z: number): number {
  return (
    z *
    (6.66666666666673513e-1 +
      z *
        (3.999999999940941908e-1 +
          z *
            (2.857142874366239149e-1 +
              z *
                (2.222219843214978396e-1 +
                  z *
                    (1.818357216161805012e-1 +
                      z * (1.531383769920937332e-1 + z * 1.479819860511658591e-1))))))
  );
}
