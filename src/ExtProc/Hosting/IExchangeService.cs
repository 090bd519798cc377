using ExtProc.Transport;

namespace ExtProc.Hosting;

/// <summary>Runs one exchange: one call of <c>ExternalProcessor.Process</c> from its first message to its status.</summary>
internal interface IExchangeService
{
    /// <summary>Returning is OK, a <see cref="GrpcException"/> is its status.</summary>
    Task RunAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call);
}
