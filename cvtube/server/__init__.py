"""How visitors' connections are served: slow ones cost a connection, never the pages' threads.

gunicorn keeps the processes, parses requests strictly and speaks WSGI. What is here stands
between it and the network: `worker` watches all connections with one event loop and hands a
request to a thread only once there is something to do; `channel` is one connection; `heads` reads
from a request's first lines how much has to be there before that.
"""
