//! Tests of the functions: tables of expression, object and what must come out. The vectors of the
//! reference stand in `appendix`; the other tables say what its rules mean where no vector does.

mod appendix;
mod choices;
mod dates;
mod expected;
mod limits;
mod lists;
mod random;
mod replacements;
mod rows;
mod texts;
