using System.Buffers;
using ExtProc.Transport.Connections;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Tests.Transport;

/// <summary>How much of a connection's frames is shown at a time.</summary>
public sealed class FramePortionTests
{
    private static readonly byte[] Open = Frame(HeadersFrame, 0, 1, new byte[20]), Data = Frame(DataFrame, 0, 1, new byte[100]);

    [Theory]
    [InlineData("OOO", 3)]
    [InlineData("OOOO", 3)]
    [InlineData("ODODODODD", 6)]
    [InlineData("DDDDDDDD", 8)]
    public void Only_so_many_streams_begin_at_a_time(string frames, int shown) =>
        Assert.Equal(BytesOf(frames[..shown]), new FramePortion(Streams: 3, BlockBytes: 1000, Bytes: 10_000).Of(new(Bytes(frames))));

    [Fact]
    public void After_a_long_header_block_no_other_begins()
    {
        byte[] block = [.. Frame(HeadersFrame, 0, 1, new byte[600]), .. Frame(ContinuationFrame, 4, 1, new byte[600]), .. Data];
        Assert.Equal(block.Length, new FramePortion(Streams: 3, BlockBytes: 1000, Bytes: 10_000).Of(new([.. block, .. Open, .. Data])));
    }

    [Fact]
    public void After_so_many_bytes_no_frame_begins() =>
        Assert.Equal(BytesOf("DDD"), new FramePortion(Streams: 3, BlockBytes: 1000, Bytes: 300).Of(new(Bytes("DDDDD"))));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(50)]
    public void A_frame_that_is_cut_off_is_shown_as_far_as_it_is_here(int bytes) =>
        Assert.Equal(bytes, new FramePortion(Streams: 0, BlockBytes: 0, Bytes: 0).Of(new(Data[..bytes])));

    [Fact]
    public void The_edges_of_segments_make_no_difference()
    {
        byte[] frames = Bytes("ODOODDOO");
        for (int edge = 1; edge < frames.Length; edge++)
        {
            Segment first = new(frames.AsMemory(0, edge));
            Segment last = first.Then(frames.AsMemory(edge));
            Assert.Equal(BytesOf("ODOODD"), new FramePortion(Streams: 3, BlockBytes: 1000, Bytes: 10_000).Of(new(first, 0, last, last.Memory.Length)));
        }
    }

    private static int BytesOf(string frames) => Bytes(frames).Length;

    private static byte[] Bytes(string frames) => [.. frames.SelectMany(frame => frame == 'O' ? Open : Data)];

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
