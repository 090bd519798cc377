namespace ExtProc.Memory;

/// <summary>
/// The memory budget is used up, and this exchange holds much of it: it ends, with RESOURCE_EXHAUSTED and the reason
/// <see cref="Reasons.MemoryBudget"/>. It is no processor's failure, so <c>onError</c> does not apply.
/// </summary>
internal sealed class MemoryBudgetException(long limitBytes)
    : Exception($"{UsedUp(limitBytes)} (transport.memoryBudgetBytes)")
{
    /// <summary>What is said of it to a peer.</summary>
    public static string UsedUp(long limitBytes) => $"the server's memory budget of {limitBytes} bytes is used up";
}
