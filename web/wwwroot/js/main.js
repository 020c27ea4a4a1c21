import * as session from './session.js';
import * as order from './order.js';
import * as call from './call.js';
import * as directory from './directory.js';
import * as phones from './phones.js';

session.start();
order.start();
call.start();
phones.start();
await Promise.all([directory.load(), session.restore()]);
if (session.current()) {
  await call.restore();
  await order.restore();
}
