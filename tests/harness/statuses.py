"""A way to a server that counts the statuses of its answers and changes nothing."""

import asyncio
import collections
import re
import threading

# The head of an answer. Bodies that look like one would have to quote a whole line of it.
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})[^\r\n]*\r\n")


class Counting:
    """Listens on a free port of the loopback interface and passes every byte on to another one."""

    def __init__(self, port):
        self.counts = collections.Counter()
        self.samples = {}
        self._target = port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _connection(self, reader, writer):
        try:
            to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            self.counts["refused"] += 1
            writer.close()
            return
        await asyncio.gather(self._pass(reader, to_server[1]), self._pass(to_server[0], writer, self._count()))

    async def _pass(self, reader, writer, seen=None):
        try:
            while data := await reader.read(65536):
                if seen:
                    seen(data)
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    def _count(self):
        rest = b""

        def seen(data):
            nonlocal rest
            rest += data
            end = 0
            for found in STATUS.finditer(rest):
                status = int(found[1])
                self.counts[status] += 1
                self.samples.setdefault(status, rest[found.start() : found.start() + 400])
                end = found.end()
            # A head that is cut in two is found with the next piece.
            rest = rest[max(end, len(rest) - 64) :]

        return seen

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
