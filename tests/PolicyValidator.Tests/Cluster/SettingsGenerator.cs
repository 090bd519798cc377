namespace PolicyValidator.Tests.Cluster;

/// <summary>Pieces of <c>backendSettings</c>: each is good in some release, in none, or in all.</summary>
internal static class SettingsGenerator
{
    private static readonly string[] Good =
    [
        "{}",
        "{retry: {numRetries: 3, perRetry: {timeout: 1s, backOff: {baseInterval: 100ms}}}}",
        "{connection: {bufferLimit: 32Ki}}",
        "{connection: {bufferLimit: 32768}}",
        "{loadBalancer: {type: RoundRobin}}",
        "{loadBalancer: {type: RoundRobin, slowStart: {window: 10s}}}",
        "{loadBalancer: {type: ConsistentHash, consistentHash: {type: Header, header: {name: x}}}}",
        "{healthCheck: {active: {type: GRPC, interval: 3s}}}",
        "{healthCheck: {active: {type: HTTP, http: {path: /healthz, expectedStatuses: [200]}}}}",
        "{circuitBreaker: {maxConnections: 10}}",
        "{timeout: {tcp: {connectTimeout: 1s}}}",
        "{http2: {maxConcurrentStreams: 100}}",
    ];

    private static readonly string[] Doubtful =
    [
        "{retry: {numRetries: -1}}",
        "{retry: {perRetry: {timeout: soon}}}",
        "{connection: {bufferLimit: 32 Ki}}",
        "{connection: {bufferLimit: 0}}",
        "{connection: {preconnect: {predictivePercent: 200}}}",
        "{loadBalancer: {}}",
        "{loadBalancer: {type: Random, slowStart: {window: 10s}}}",
        "{loadBalancer: {type: ConsistentHash}}",
        "{loadBalancer: {type: RoundRobin, consistentHash: {type: SourceIP}}}",
        "{loadBalancer: {type: ConsistentHash, consistentHash: {type: Header}}}",
        "{loadBalancer: {type: ConsistentHash, consistentHash: {type: Headers, headers: [{name: x}]}}}",
        "{loadBalancer: {type: LeastRequest, zoneAware: {preferLocal: {}}}}",
        "{loadBalancer: {type: ConsistentHash, consistentHash: {type: SourceIP}, zoneAware: {preferLocal: {}}}}",
        "{loadBalancer: {type: BackendUtilization}}",
        "{loadBalancer: {type: RoundRobin, zoneAware: {weightedZones: [{zone: a, weight: 1}, {zone: a, weight: 2}]}}}",
        "{healthCheck: {active: {type: HTTP}}}",
        "{healthCheck: {active: {type: TCP, tcp: {send: {type: Text, text: x}, receive: {type: Binary, text: x}}}}}",
        "{healthCheck: {active: {type: TCP, tcp: {receive: {type: Binary, binary: aGk=}}}}}",
        "{healthCheck: {active: {type: TCP, tcp: {receive: {type: Binary, binary: h!}}}}}",
        "{healthCheck: {active: {type: HTTP, http: {path: /, expectedStatuses: [600]}}}}",
        "{healthCheck: {active: {type: HTTP, interval: 1.5s, http: {path: /}}}}",
        "{healthCheck: {passive: {maxEjectionPercent: 101}}}",
        "{circuitBreaker: {maxConnections: 4294967296}}",
        "{circuitBreaker: {retryBudget: {percent: {numerator: 5, denominator: 3}}}}",
        "{http2: {connectionKeepalive: {timeout: 2s, interval: 1s}}}",
        "{dns: {dnsRefreshRate: often}}",
        "{dns: {lookupFamily: IPv5}}",
        "{proxyProtocol: {version: V3}}",
        "{unknown: 1}",
    ];

    public static string Next(Random random, int flaws) => flaws > 0 && random.Next(2) == 0 ? Doubtful[random.Next(Doubtful.Length)] : Good[random.Next(Good.Length)];
}
