namespace BertSharp;

/// <summary>How the left-hand side of a GEMM tile lies in memory, known when the tile is compiled.</summary>
internal interface IInputOrder
{
    /// <summary>False: a row's values lie end to end. True: the rows' values of one step of k lie end to end.</summary>
    static abstract bool IsTransposed { get; }
}

internal readonly struct RowsOfInput : IInputOrder
{
    public static bool IsTransposed => false;
}

internal readonly struct ColumnsOfInput : IInputOrder
{
    public static bool IsTransposed => true;
}
