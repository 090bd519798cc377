using System.Buffers;
using ExtProc.Benchmarks.InProcess;
using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Protocol;
using ExtProc.Transport;

namespace ExtProc.Tests.Session;

/// <summary>Paths that must not allocate, because they are taken for every chunk or message.</summary>
public sealed class AllocationTests
{
    private static readonly PipelineStep Replace =
        new(ProcessorKind.Of<ReplaceProcessor, ReplaceOptions>("replace"), new ReplaceOptions { Text = "no body has this", By = "-" });

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(16 << 10)]
    [InlineData(64 << 10)]
    public void An_unchanged_body_chunk_allocates_nothing(int chunkBytes) => Assert.Equal(0, Allocation.PerChunk(chunkBytes));

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(64 << 10)]
    public void A_chunk_that_a_processor_looked_at_allocates_little(int chunkBytes) =>
        Assert.InRange(Allocation.PerChunk(chunkBytes, Replace), 0, 512);

    [Fact]
    public void Reading_a_frame_and_a_message_allocates_nothing()
    {
        ReadOnlySequence<byte> framed = new(Messages.RequestBody(1 << 10, endOfStream: true)), message = new(Messages.Unframed(Messages.RequestBody(1 << 10, endOfStream: true)));

        Assert.Equal(0, BytesFor(() =>
        {
            GrpcFrame.TryRead(framed, out _);
            PartDecoder.Decode(message, ReceivedLimits.Default);
        }));
    }

    [Fact]
    public void Answering_headers_and_chunks_allocates_nothing()
    {
        var encoder = new ReplyEncoder(new GrpcWriter(new DiscardedResponse()));
        ReadOnlySequence<byte> chunk = new(new byte[64 << 10]);

        Assert.Equal(0, BytesFor(() =>
        {
            encoder.Headers(Direction.Request, HeaderMutation.None, clearRouteCache: false, replacement: null, extras: default);
            encoder.StreamedChunk(Direction.Request, chunk, endOfStream: false, extras: default);
        }));
    }

    private static long BytesFor(Action work)
    {
        for (int warm = 0; warm < 100; warm++)
        {
            work();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
