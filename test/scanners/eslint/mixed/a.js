const größe = '𝄞'; eval(größe);
const f = (name) => require(name); // eslint-disable-line security/detect-non-literal-require
f(größe);
