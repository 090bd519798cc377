namespace ExtProc.Memory;

/// <summary>
/// The memory budget is used up, and this exchange holds much of it: it ends, with RESOURCE_EXHAUSTED and the reason
/// <see cref="Reasons.MemoryBudget"/>. No processor's fault, so none's <c>onError</c> lets the exchange outlive it.
/// </summary>
internal sealed class MemoryBudgetException(long limitBytes)
    : Exception($"the server's memory budget of {limitBytes} bytes is used up (transport.memoryBudgetBytes)");
