namespace ExtProc.Memory;

/// <summary>
/// What one call holds of the memory budget besides the transport's own blocks: inflated messages, parts that wait, bodies held back,
/// decoders. Code that keeps bytes beyond the message that they came in takes them here first, and returns them with the memory. What is
/// left at the call's end is returned then. From any thread.
/// </summary>
/// <param name="budget">Where it is taken from; null only counts, for test hosts and where no budget is shared.</param>
internal class MemoryAccount(IMemoryBudget? budget = null)
{
    // Marks a call that is over; far enough from zero that a late change cannot reach it.
    private const long Closed = long.MinValue;

    private long heldBytes;

    /// <summary>Counts for no call and takes from no budget.</summary>
    public static MemoryAccount Nobodys { get; } = new();

    /// <summary>What is held now, in bytes; 0 after the call's end.</summary>
    public long HeldBytes => Math.Max(0, Volatile.Read(ref heldBytes));

    /// <summary>Takes memory, before it is rented or made: as much as really will be, which a pool may round up.</summary>
    /// <param name="bytes">How much; not negative.</param>
    /// <exception cref="MemoryBudgetException">
    /// The budget is used up and this call is among those that hold much of it. The bytes are not taken; what was held before stays
    /// until it is returned or the call ends, which it must do now.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call is over: a handler that was left behind takes no more.</exception>
    public void Take(long bytes)
    {
        if (Change(bytes) is not { } held)
        {
            throw new OperationCanceledException("the exchange is over");
        }

        budget?.Take(bytes);
        if (budget?.MustGiveWay(held) == true)
        {
            Return(bytes);
            OnMustEnd(why: null);
            throw new MemoryBudgetException(budget.LimitBytes);
        }
    }

    /// <summary>Asks whether this call may go on with what it holds, and with what the transport has for it besides.</summary>
    /// <param name="besidesBytes">Bytes that are not in the account.</param>
    /// <exception cref="MemoryBudgetException">As for <see cref="Take"/>.</exception>
    public void RequireRoom(long besidesBytes)
    {
        if (besidesBytes > 0 && budget?.MustGiveWay(HeldBytes + besidesBytes) == true)
        {
            OnMustEnd(why: null);
            throw new MemoryBudgetException(budget.LimitBytes);
        }
    }

    /// <summary>Gives back what was taken; nothing happens when the call is over.</summary>
    /// <param name="bytes">How much; never more than was taken.</param>
    public void Return(long bytes)
    {
        if (Change(-bytes) is not null)
        {
            budget?.Return(bytes);
        }
    }

    /// <summary>Takes an array of at least so many bytes, not cleared.</summary>
    /// <exception cref="MemoryBudgetException">As <see cref="Take"/>.</exception>
    /// <exception cref="OperationCanceledException">As <see cref="Take"/>.</exception>
    public byte[] Rent(int leastBytes)
    {
        Take(IsLarge(leastBytes) ? LargeArrays.RentedBytes(leastBytes) : ByteArrays.RentedBytes(leastBytes));
        return Get(leastBytes);
    }

    /// <summary>Moves what is kept of an array to a smaller one. Never refused, for it gives memory back.</summary>
    public byte[] Shrink(byte[] array, ReadOnlySpan<byte> kept, int leastBytes)
    {
        byte[] smaller = Get(leastBytes);
        kept.CopyTo(smaller);
        Return(array.Length - smaller.Length);
        PutAway(array);
        return smaller;
    }

    /// <summary>Gives back what <see cref="Rent"/> gave; it must not be used afterwards.</summary>
    public void GiveBack(byte[] array)
    {
        if (array.Length > 0)
        {
            Return(array.Length);
            PutAway(array);
        }
    }

    /// <summary>Ends the call with RESOURCE_EXHAUSTED, so that another can have what it holds.</summary>
    /// <param name="why">What the status says.</param>
    public void GiveUp(string why) => OnMustEnd(why);

    /// <summary>Ends the account with the call: what is still held goes back, and nothing more is taken.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref heldBytes, Closed) is > 0 and var left)
        {
            budget?.LetGo(left);
        }
    }

    /// <summary>The call must end, whatever its handler makes of the exception.</summary>
    /// <param name="why">What its status says; null that the budget is used up.</param>
    protected virtual void OnMustEnd(string? why)
    {
    }

    private static bool IsLarge(int bytes) => bytes > ByteArrays.LargestPooledBytes;

    private byte[] Get(int leastBytes) => !IsLarge(leastBytes) ? ByteArrays.Rent(leastBytes)
        : budget is not null ? budget.LargeArrays.Rent(leastBytes)
        : GC.AllocateUninitializedArray<byte>(LargeArrays.RentedBytes(leastBytes));

    private void PutAway(byte[] array)
    {
        if (IsLarge(array.Length))
        {
            budget?.LargeArrays.Return(array);
        }
        else
        {
            ByteArrays.Return(array);
        }
    }

    // What is held afterwards; null when the call is over.
    private long? Change(long bytes)
    {
        while (true)
        {
            long held = Volatile.Read(ref heldBytes);
            if (held == Closed)
            {
                return null;
            }

            if (Interlocked.CompareExchange(ref heldBytes, held + bytes, held) == held)
            {
                return held + bytes;
            }
        }
    }
}
