title = A console or data interface over HTTP is open to strangers
why = Such interfaces are made for a trusted network and know no login until somebody switches it on. Whoever reaches one that is open reads what is measured and who is treated, and with those of container hosts and of flows he runs programs of his own beside the product.
mend = Switch the product's own login on, give each client an account with the least rights, and bind the interface to the address from which it is used. Where a product has no login (Docker and older etcd), demand client certificates, or do not open the port at all. A name that nobody knows is no protection.
limits = InfluxDB, Elasticsearch, OpenSearch, CouchDB, etcd, Prometheus, Docker, Kubernetes and its nodes, Grafana, Node-RED and RabbitMQ are known, each at the root of the service and by one reading function; others, and those below another path, are not. What a client with rights of another place may do is not seen.
counted = { $product } gave its { $what } to somebody without a login ({ $items ->
    [one] one entry
   *[other] { $items } entries
})
open = { $product } gave its { $what } to somebody without a login
refused = { $product } refused its { $what } to somebody without a login
front = the front page demands a login
none = none of the consoles that are known is served here
untold = not every question by which consoles are known was answered
unclear = { $product } neither gave its { $what } nor refused it
