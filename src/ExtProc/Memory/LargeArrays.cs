using System.Numerics;

namespace ExtProc.Memory;

/// <summary>
/// Large arrays, used again. As garbage each would lie about until the next collection of the oldest generation, and a process whose
/// exchanges hold as much as the budget allows would grow to several times that. Kept is no more than the budget has room for, and what
/// nobody needs for a while is let go. From any thread.
/// </summary>
/// <param name="roomBytes">What the budget has left now.</param>
internal sealed class LargeArrays(Func<long> roomBytes)
{
    // Four sizes between two powers of two: a quarter is wasted at most.
    private const int StepBits = 2;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Shelf> _shelves = [];
    private long _keptBytes;

    /// <summary>Bytes of the arrays that wait to be used again.</summary>
    public long KeptBytes => Interlocked.Read(ref _keptBytes);

    /// <summary>How long the array is that one gets for so many bytes.</summary>
    public static int RentedBytes(int leastBytes)
    {
        int step = Math.Max(1, (int)(BitOperations.RoundUpToPowerOf2((uint)leastBytes) >> (StepBits + 1)));
        return (int)Math.Min(Array.MaxLength, ((long)leastBytes + step - 1) / step * step);
    }

    /// <summary>An array of <see cref="RentedBytes"/>, not cleared.</summary>
    public byte[] Rent(int leastBytes)
    {
        int bytes = RentedBytes(leastBytes);
        lock (_gate)
        {
            if (_shelves.TryGetValue(bytes, out Shelf? shelf) && shelf.TryTake(out byte[]? array))
            {
                _keptBytes -= bytes;
                return array;
            }

            KeepAtMost(roomBytes());
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    /// <summary>Gives back what <see cref="Rent"/> gave; nobody uses it afterwards.</summary>
    public void Return(byte[] array)
    {
        lock (_gate)
        {
            if (!_shelves.TryGetValue(array.Length, out Shelf? shelf))
            {
                _shelves.Add(array.Length, shelf = new());
            }

            shelf.Put(array);
            _keptBytes += array.Length;
            KeepAtMost(roomBytes());
        }
    }

    /// <summary>Lets go what nobody needed since the last time.</summary>
    public void DropUnused()
    {
        lock (_gate)
        {
            foreach ((int bytes, Shelf shelf) in _shelves)
            {
                _keptBytes -= (long)shelf.DropUnused() * bytes;
            }
        }
    }

    // Others take the place of what is let go while the budget is full at once. So its memory does not wait for a collection.
    private void KeepAtMost(long bytes)
    {
        foreach ((int size, Shelf shelf) in _shelves)
        {
            while (_keptBytes > bytes && shelf.TryTake(out byte[]? array))
            {
                Pages.Discard(array);
                _keptBytes -= size;
            }
        }
    }

    /// <summary>The arrays of one length.</summary>
    private sealed class Shelf
    {
        private readonly Stack<byte[]> _arrays = [];
        private int _least;

        public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? array)
        {
            bool isThere = _arrays.TryPop(out array);
            _least = Math.Min(_least, _arrays.Count);
            return isThere;
        }

        public void Put(byte[] array) => _arrays.Push(array);

        public int DropUnused()
        {
            // The fewest that were here at any time since the last look: so many were never needed.
            int unused = _least;
            for (int dropped = 0; dropped < unused; dropped++)
            {
                Pages.Discard(_arrays.Pop());
            }

            _least = _arrays.Count;
            return unused;
        }
    }
}
