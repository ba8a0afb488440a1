namespace BertSharp.Cli.Input;

/// <summary>The records of one kind of file, one after the other.</summary>
internal abstract class RecordReader
{
    /// <summary>The next record; null at the end.</summary>
    /// <exception cref="BadRecordException">A record is bad, and is passed over: the next call gives the one behind it.</exception>
    /// <exception cref="DataFileException">Nothing more can be read.</exception>
    public abstract InputRecord? Next();
}
