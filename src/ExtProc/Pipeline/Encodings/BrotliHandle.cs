using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExtProc.Memory;
using Microsoft.Win32.SafeHandles;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// Brotli's decoder as the runtime brings it along, with memory that is counted. The framework's own class is the same one without: it
/// takes what the C library gives.
/// </summary>
internal sealed unsafe partial class BrotliHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    // Without "lib", which Windows has not: elsewhere the runtime tries that too.
    private const string Library = "System.IO.Compression.Native";

    private readonly BrotliMemory _memory;
    private GCHandle _own;

    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public BrotliHandle(BrotliMemory memory)
        : base(ownsHandle: true)
    {
        _memory = memory;
        _own = GCHandle.Alloc(memory);
        SetHandle(Create(&Allocate, &Free, (void*)GCHandle.ToIntPtr(_own)));
        if (IsInvalid)
        {
            _own.Free();
            throw Failure("there is no memory for its decoder");
        }
    }

    private enum Result
    {
        Failed,
        Done,
        NeedsInput,
        NeedsRoom,
    }

    /// <summary>Decodes what it can.</summary>
    /// <param name="encoded">What comes next.</param>
    /// <param name="decoded">Where to put what it decodes to.</param>
    /// <param name="used">How many bytes were taken; all, when nothing could be made of them yet.</param>
    /// <param name="made">How many were put.</param>
    /// <returns>Whether this was the end.</returns>
    /// <exception cref="InvalidDataException">That is not Brotli.</exception>
    /// <exception cref="MemoryBudgetException">The memory budget has no room for what it needs.</exception>
    public bool Decode(ReadOnlySpan<byte> encoded, Span<byte> decoded, out int used, out int made)
    {
        nuint left = (nuint)encoded.Length, room = (nuint)decoded.Length;
        Result result;
        fixed (byte* input = encoded, output = decoded)
        {
            byte* nextIn = input, nextOut = output;
            result = Decompress(this, &left, &nextIn, &room, &nextOut, null);
        }

        (used, made) = (encoded.Length - (int)left, decoded.Length - (int)room);
        return result is Result.Failed ? throw Failure("it is not Brotli") : result is Result.Done;
    }

    protected override bool ReleaseHandle()
    {
        Destroy(handle);
        _own.Free();
        return true;
    }

    private Exception Failure(string otherwise) => _memory.Refusal ?? new InvalidDataException(otherwise);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Allocate(void* memory, nuint size) => Of(memory).Allocate(size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* memory, void* address) => Of(memory).Free(address);

    private static BrotliMemory Of(void* memory) => (BrotliMemory)GCHandle.FromIntPtr((nint)memory).Target!;

    [LibraryImport(Library, EntryPoint = "BrotliDecoderCreateInstance")]
    private static partial nint Create(delegate* unmanaged[Cdecl]<void*, nuint, void*> allocate, delegate* unmanaged[Cdecl]<void*, void*, void> free, void* memory);

    [LibraryImport(Library, EntryPoint = "BrotliDecoderDecompressStream")]
    private static partial Result Decompress(BrotliHandle decoder, nuint* availableIn, byte** nextIn, nuint* availableOut, byte** nextOut, nuint* totalOut);

    [LibraryImport(Library, EntryPoint = "BrotliDecoderDestroyInstance")]
    private static partial void Destroy(nint decoder);
}
