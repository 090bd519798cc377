using System.Buffers;
using System.Buffers.Binary;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using ExtProc.Benchmarks.InProcess;
using ExtProc.Configuration;
using ExtProc.Memory;
using ExtProc.Pipeline;
using ExtProc.Session;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;
using ExtProc.Transport;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Tests.Session;

/// <summary>Attributes and metadata stay for the exchange; only those of messages that come once in it do, and they are counted.</summary>
public sealed class KeptContextTests
{
    private const int ChunkBytes = 10_000;

    [Theory]
    [InlineData("attributes")]
    [InlineData("metadata")]
    [InlineData("both")]
    public async Task What_stands_beside_later_chunks_of_a_body_is_not_kept(string beside)
    {
        long after10 = await HeldAfterAsync(beside, chunks: 10), after1000 = await HeldAfterAsync(beside, chunks: 1000);

        Assert.Equal(after10, after1000);
        Assert.InRange(after10, 1, ChunkBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Those_of_the_first_message_of_a_direction_are_read_in_all_its_phases(bool hasHeaders)
    {
        List<string?> seen = [];
        Scripted reader = new()
        {
            RequestBody = (exchange, _, _) =>
            {
                seen.Add($"{exchange.Attribute("request.path").Text} {exchange.Metadata("a.filter", "key").Text}");
                return Verdict.Continue;
            },
        };
        byte[] first = Framed(With("both", hasHeaders ? Headers() : Chunk(), "/first"));

        await HeldAsync(reader, first, Framed(With("both", Chunk(), "/later")), 3);

        Assert.Equal(hasHeaders ? 3 : 4, seen.Count);
        Assert.All(seen, static one => Assert.Equal("/first value", one));
    }

    [Fact]
    public void A_body_is_not_kept_with_what_stands_beside_it()
    {
        ProcessingRequest message = With("both", Chunk(), "/path");

        ProcessingRequest kept = ProcessingRequest.Parser.ParseFrom(ExtProc.Protocol.ContextFields.Of(new ReadOnlySequence<byte>(message.ToByteArray())));

        Assert.Equal(message.Attributes, kept.Attributes);
        Assert.Equal(message.MetadataContext, kept.MetadataContext);
        Assert.Null(kept.RequestBody);
    }

    [Fact]
    public void Nothing_is_kept_of_empty_metadata() => Assert.Empty(
        ExtProc.Protocol.ContextFields.Of(new ReadOnlySequence<byte>(new ProcessingRequest { MetadataContext = new(), RequestHeaders = new() }.ToByteArray())));

    private static Task<long> HeldAfterAsync(string beside, int chunks) =>
        HeldAsync(new Scripted { RequestBody = (_, _, _) => Verdict.Continue }, Framed(With(beside, Headers(), "/")), Framed(With(beside, Chunk(), "/")), chunks);

    /// <summary>What the exchange holds when so many chunks have come.</summary>
    private static async Task<long> HeldAsync(Processor processor, byte[] first, byte[] repeated, int chunks)
    {
        PipelineStep step = new(new("reader", processor.GetType(), null, IsShared: false) { Create = () => processor });
        PipelinePlan plan = PipelinePlan.Build(new ExtProcOptions { Pipeline = new("kept", [step]), Limits = new() { AddedBytes = 1 << 30 } }, NoServices.Instance, out _);
        using var reader = new GrpcReader(new RecordedRequest(first, repeated, chunks, []), new GrpcReaderLimits(32 << 20));
        CountedCall call = new();
        await using var session = new ExchangeSession(plan, reader, new GrpcWriter(new DiscardedResponse()), call);
        await session.RunAsync();
        long held = call.Memory.HeldBytes;
        await session.EndAsync();
        return held;
    }

    private static ProcessingRequest Headers() => new()
    {
        RequestHeaders = new() { Headers = new() { Headers = { new HeaderValue { Key = "content-type", RawValue = ByteString.CopyFromUtf8("text/plain") } } } },
        ProtocolConfig = new() { RequestBodyMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode.FullDuplexStreamed },
    };

    private static ProcessingRequest Chunk() => new()
    {
        RequestBody = new() { Body = ByteString.CopyFrom(new byte[ChunkBytes]) },
        ProtocolConfig = new() { RequestBodyMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode.FullDuplexStreamed },
    };

    private static ProcessingRequest With(string beside, ProcessingRequest message, string path)
    {
        if (beside is "attributes" or "both")
        {
            message.Attributes["envoy.filters.http.ext_proc"] = new Struct { Fields = { ["request.path"] = Value.ForString(path) } };
        }

        if (beside is "metadata" or "both")
        {
            message.MetadataContext = new() { FilterMetadata = { ["a.filter"] = new Struct { Fields = { ["key"] = Value.ForString("value") } } } };
        }

        return message;
    }

    private static byte[] Framed(ProcessingRequest message)
    {
        byte[] bytes = message.ToByteArray(), framed = [0, 0, 0, 0, 0, .. bytes];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), bytes.Length);
        return framed;
    }

    private sealed class CountedCall() : GrpcCall(TimeProvider.System)
    {
        public override MemoryAccount Memory { get; } = new();
    }
}
