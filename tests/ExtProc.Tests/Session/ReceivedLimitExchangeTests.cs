using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using ExtProc.Tests.Hosting;
using ExtProc.Tests.Transport;
using Google.Protobuf;

namespace ExtProc.Tests.Session;

/// <summary>An exchange whose messages hold more than the limits allow ends with a reason of its own, whatever the processors do.</summary>
public sealed class ReceivedLimitExchangeTests
{
    private const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    [Theory]
    [InlineData(150, 10, 0)]
    [InlineData(151, 10, 8)]
    [InlineData(20, 2_000, 0)]
    [InlineData(20, 5_000, 8)] // 100,000 bytes
    public async Task Header_lines_are_taken_up_to_the_limits_and_then_end_the_exchange(int lines, int bytesEach, int status)
    {
        await using Served server = await Served.StartAsync(options => options with { Limits = options.Limits with { ReceivedHeaderCount = 150, ReceivedHeaderBytes = 64 << 10 } });
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream stream = await client.CallAsync(Process);
        HttpHeaders headers = new() { Headers = new(), EndOfStream = true };
        headers.Headers.Headers.AddRange(Enumerable.Range(0, lines).Select(line => new HeaderValue { Key = $"x-{line}", RawValue = ByteString.CopyFrom(new byte[bytesEach]) }));
        await stream.SendAsync(RawHttp2Client.Message(new ProcessingRequest { RequestHeaders = headers }.ToByteArray()), endStream: true);
        await stream.EndAsync();
        Assert.Equal(status, stream.GrpcStatus);
        Assert.Equal(status == 0 ? "" : Reasons.ReceivedLimit, stream.GrpcMessage.Split(':')[0]);
    }
}
