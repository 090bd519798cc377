using ExtProc.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Tests.Transport;

public sealed class GrpcTransportOptionsTests
{
    public static TheoryData<string, GrpcTransportOptions> Wrong => new()
    {
        { "ReceiveLimitBytes is 1; it must be 65536 to 1073741824", new GrpcTransportOptions { ReceiveLimitBytes = 1 } },
        { "MaxStreamsPerConnection is 0", new GrpcTransportOptions { MaxStreamsPerConnection = 0 } },
        { "StreamWindowBytes is 1000", new GrpcTransportOptions { StreamWindowBytes = 1_000 } },
        { "MemoryBudgetBytes: 1 bytes are too few", new GrpcTransportOptions { MemoryBudgetBytes = 1 } },
        { "KeepAlivePingDelay is 00:00:00", new GrpcTransportOptions { KeepAlivePingDelay = TimeSpan.Zero } },
        { "need a connection window of 4294967296 bytes", new GrpcTransportOptions { MaxStreamsPerConnection = 4_096, StreamWindowBytes = 1 << 20 } },
    };

    [Fact]
    public void The_defaults_are_within_their_ranges_and_take_what_Envoy_sends()
    {
        var options = new GrpcTransportOptions();
        Assert.Empty(options.Problems());
        Assert.True(options.ReceiveLimitBytes >= 17 << 20);
        Assert.True(options.MaxStreamsPerConnection >= 1_024);
        Assert.Equal((long)options.MaxStreamsPerConnection * options.StreamWindowBytes, options.ConnectionWindowBytes);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_out_of_range_is_named_with_what_is_allowed(string expected, object options)
    {
        string problem = Assert.Single(((GrpcTransportOptions)options).Problems());
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        var failure = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddGrpcTransport((GrpcTransportOptions)options));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }
}
