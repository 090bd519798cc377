using System.Collections;

namespace PolicyValidator.Inputs;

/// <summary>Loops that end when their result is no longer wanted.</summary>
internal static class CancellableLoops
{
    /// <summary>The same items; the token is asked before each.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IEnumerable<T> Cancellable<T>(this IEnumerable<T> items, CancellationToken cancellation)
    {
        foreach (T item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}

/// <summary>A list whose loops end, wherever they are, when the result is no longer wanted.</summary>
/// <param name="items">The items.</param>
/// <param name="cancellation">Asked before each item.</param>
internal sealed class CancellableList<T>(List<T> items, CancellationToken cancellation) : IReadOnlyList<T>
{
    public int Count => items.Count;

    public T this[int index] => items[index];

    public IEnumerator<T> GetEnumerator() => items.Cancellable(cancellation).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
