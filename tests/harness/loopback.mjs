// node --import loopback.mjs ...: servers that name no host listen on 127.0.0.1 instead of on every interface.
//
// The place is below `listen()`: with a host of its own that would look the name up first, and some programs ask for the
// address right after it.
import { Server } from 'node:net';

const bind = Server.prototype._listen2;
if (typeof bind !== 'function') {
  throw new Error('this Node has no Server.prototype._listen2, by which servers are kept on the loopback interface');
}
Server.prototype._listen2 = function (address, port, addressType, ...rest) {
  const open = address == null && typeof port === 'number' && port >= 0;
  return open ? bind.call(this, '127.0.0.1', port, 4, ...rest) : bind.call(this, address, port, addressType, ...rest);
};
