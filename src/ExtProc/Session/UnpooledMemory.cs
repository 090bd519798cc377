using System.Buffers;

namespace ExtProc.Session;

/// <summary>Memory for a pipe that an author writes to: never used again, for the author may keep what the writer gave out.</summary>
internal sealed class UnpooledMemory : MemoryPool<byte>
{
    private const int BlockBytes = 4096;

    public static UnpooledMemory Instance { get; } = new();

    public override int MaxBufferSize => Array.MaxLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Owned(new byte[Math.Max(minBufferSize, BlockBytes)]);

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Owned(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
        }
    }
}
