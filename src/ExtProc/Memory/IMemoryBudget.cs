namespace ExtProc.Memory;

/// <summary>The memory that the process may use for everything that waits (<c>transport.memoryBudgetBytes</c>), as seen by those who hold some of it.</summary>
internal interface IMemoryBudget
{
    /// <summary>The limit.</summary>
    long LimitBytes { get; }

    /// <summary>Large arrays, for reuse.</summary>
    LargeArrays LargeArrays { get; }

    /// <summary>Says that memory was taken.</summary>
    void Take(long bytes);

    /// <summary>Says that memory was given back.</summary>
    void Return(long bytes);

    /// <summary>Says that memory was given back that is garbage now.</summary>
    void LetGo(long bytes) => Return(bytes);

    /// <summary>Whether one that holds this much must end, so that those that hold less can go on.</summary>
    bool MustGiveWay(long heldBytes);
}
