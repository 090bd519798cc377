using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ExtProc.Transport;

/// <summary><c>grpc.health.v1.Health</c> (https://github.com/grpc/grpc/blob/master/doc/health-checking.md).</summary>
internal sealed class GrpcHealthService(GrpcHealth health)
{
    /// <summary>The service's full name.</summary>
    public const string Name = "grpc.health.v1.Health";

    /// <summary>Largest request that is taken, in bytes: room for any service's name.</summary>
    public const int RequestBytes = 4 * 1024;

    /// <summary>One answer; NOT_FOUND for a service that is not known.</summary>
    public async Task CheckAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call)
    {
        HealthCheckRequest request = await reader.ReadOnlyOneAsync(HealthCheckRequest.Parser).ConfigureAwait(false);
        if (!health.Now.Serving.TryGetValue(request.Service, out bool serving))
        {
            throw new GrpcException(
                GrpcStatusCode.NotFound, $"no such service; known are \"{string.Join("\", \"", health.Now.Serving.Keys)}\"");
        }

        writer.Write(new HealthCheckResponse { Status = StatusOf(serving) });
    }

    /// <summary>The state now and at each change, until the peer goes; SERVICE_UNKNOWN while a service is not known.</summary>
    public async Task WatchAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call)
    {
        HealthCheckRequest request = await reader.ReadOnlyOneAsync(HealthCheckRequest.Parser).ConfigureAwait(false);
        for (ServingStatus? last = null; ;)
        {
            bool stopping = health.Stopping;
            GrpcHealth.State now = health.Now;
            ServingStatus status = now.Serving.TryGetValue(request.Service, out bool serving) ? StatusOf(serving) : ServingStatus.ServiceUnknown;
            if (status != last)
            {
                writer.Write(new HealthCheckResponse { Status = status });
                await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                last = status;
            }

            if (stopping)
            {
                throw new GrpcException(GrpcStatusCode.Unavailable, "the server is stopping");
            }

            // One task, on which a watch that ends leaves nothing: it lives as long as the process.
            await now.Changed.WaitAsync(call.Aborted).ConfigureAwait(false);
        }
    }

    /// <summary>Every known service.</summary>
    public async Task ListAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call)
    {
        await reader.ReadOnlyOneAsync(HealthListRequest.Parser).ConfigureAwait(false);
        var answer = new HealthListResponse();
        foreach ((string service, bool serving) in health.Now.Serving)
        {
            answer.Statuses[service] = new HealthCheckResponse { Status = StatusOf(serving) };
        }

        writer.Write(answer);
    }

    private static ServingStatus StatusOf(bool serving) => serving ? ServingStatus.Serving : ServingStatus.NotServing;
}
